"""What curl 7.88 does otherwise. The numbers are those of docs/findings-curl.md; findings.py says
what a row is."""
# The machine was too slow to start the adapter.
NOT_JUDGED = r"no answer to hello"

FINDINGS = [
    ("C5", "a file that is another one by now, as its date or its total shows, is continued all "
           "the same, and the mixture is called complete (XFER-CHANGE-1, XFER-CHANGE-2)",
     r"^changed_files\.(date|date_back|finished|grown|new_date|progress|total|wrong_total)$"),
    ("C6", "a 200, 412 or 416 in answer to a range, by which the file is another one now, is an "
           "error or is asked for again, and never a new beginning (XFER-CHANGE-1, PRG-09, PRG-10)",
     r"^changed_files\.(byte_between|date_in_200|each_file|fourth|other_416|refused|shrunk"
     r"|total_in_200)$|^progress\.changed$"),
    ("C7", "a part is judged by its first byte alone: one in another unit or of another length, "
           "and a 416 that tells no total, end a file that is called complete (XFER-RANGE-2, "
           "XFER-GET-4)",
     r"^http_ranges\.(bare_416|other_length|other_unit|shorter_part)$"),
    ("C8", "a part that nobody asked for is taken for the whole file (XFER-RANGE-2, OBS-125)",
     r"^waiting\.part_of_whole$"),
    ("C9", "a 2xx other than 206, and a 3xx that leads nowhere, is success whatever it brings "
           "(XFER-STATUS-1, OBS-065)",
     r"^http_statuses\.get_final$"),
    ("C10", "the GET is repeated only for 408, 429, 500, 502, 503 and 504: of 409 and the other "
            "5xx it makes an error at once (XFER-STATUS-1, XFER-QUICK-1)",
     r"^http_statuses\.get_transient$"),
    ("C11", "a Retry-After is waited out before the first repeat (XFER-QUICK-1, XFER-WAIT-1)",
     r"^waiting\.retry_after_get$"),
    ("C27", "a head that ends in its middle is success, and the file is empty (XFER-STATUS-1, "
            "XFER-QUICK-1)",
     r"^http_statuses\.get_cut$"),
    ("C13", "a body without a length is a whole file when it ends (XFER-SIZE-1)",
     r"^http_ranges\.head_405_(chunked|no_length)$|^waiting\.(get_without_length|length_at_last)$"),
    ("C14", "a chunked body has no length to be short of, so whatever it brings is the file "
            "(XFER-BODY-1)",
     r"^http_bodies\.chunked_too_(long|short)$"),
    ("C15", "a body with a Content-Encoding is stored as it comes (XFER-BODY-1)",
     r"^http_bodies\.(get_encoded|get_gzip|part_encoded)$"),
    ("C16", "of two lengths the last one is believed, here the greater one: curl waits for a byte "
            "that nobody sends and tries again (XFER-BODY-1)",
     r"^http_bodies\.(get|part)_two_lengths$"),
    ("C12", "a connection that ends or is refused before the last byte, and an answer or chunk "
            "that cannot be read, is an error at once, and what is there is not continued "
            "(XFER-STATUS-1, XFER-BODY-1, XFER-QUICK-1, XFER-GET-4)",
     r"^http_bodies\.(chunk_bad_size|chunk_huge_size|half_close|no_last_chunk|one_byte_short"
     r"|promised_too_much)$|^http_errors\.quick_retries$"
     r"|^http_ranges\.(changed_in_the_middle|ignored|no_date|resume_after_(close|reset))$"
     r"|^http_statuses\.(get_closed|get_garbage|get_no_byte|no_connection)$"
     r"|^waiting\.bytes_are_no_repeat$|^http_redirects\.get_other_host$"),
    ("C28", "eleven redirects in a row are followed, one without a Location is success, and one "
            "without a host is asked for again (XFER-REDIR-1, JOB1-STATUS-4)",
     r"^http_redirects\.get_(eleven|no_host|no_location)$"),
    ("C29", "a status that is tried again is an error after five repeats, a second apart, for each "
            "file; there is no longer wait (XFER-QUICK-1, XFER-WAIT-1, GROUP-STATUS-4)",
     r"^waiting\.repeats_(of_a_status|over_files)$"),
    ("C1", "a file is asked for by GET alone, so nothing that a HEAD is answered counts "
           "(XFER-HEAD-1)",
     r"HEAD|\|[^|]*requests|only the new file|paths asked for|first come, first served"
     r"|the fault \"(?!stall again|later|second file|changed|ignored).*fires"),
    ("C17", "data goes straight to the local name: there is no temporary file, what stood there is "
            "gone with the first byte, and each file is there before the group is complete "
            "(FILE-TMP-1, FILE-PUB-1, FILE-PUB-3, OBS-140)",
     r"temporary (files|one)|the temporary file|is named as temporary|nothing is published yet"
     r"|files under their local names before|bytes in the old file|the old content is untouched"
     r"|bytes seen under the local name|nothing stands under the local name"
     r"|^RIG BROKE .*cannot create directory: File exists"),
    ("C18", "what an ended curl has stored stays under the local name (GROUP-CANCEL-1, "
            "GROUP-CANCEL-3, JOB-CANCEL-02, JOB-COMPLETE-01)",
     r"no file is left \||is left behind|leaves nothing|files in the directory"
     r"|GROUP-CANCEL-3 \| the temporary file is gone"),
    ("C19", "a file that was removed while it was written, or when it was whole, is not missed "
            "(FILE-DISK-1, FILE-TMP-2)",
     r"^disk_files\.part_lost"),
    ("C20", "no URL is looked at before it is fetched (JOB1-ADD-4, JOB1-ADD-5, LIM-05)",
     r"(JOB1-ADD-5|LIM-05) \|.*\| S_OK$|AddFiles with a bad entry answers"),
    ("C21", "no file name is looked at before it is written (JOB1-ADD-4, JOB1-ADD-6, LIM-06)",
     r"(JOB1-ADD-6(-[ab])?|LIM-06) \|.*\| S_OK$"),
    ("C22", "there is no limit of files or downloads (LIM-01, LIM-02, JOB1-ADD-10)",
     r"BG_E_TOO_MANY_\S+ \| S_OK$"),
    ("C3", "a GET has no If-Unmodified-Since (XFER-GET-2, HTTP-11)", r"If-Unmodified-Since"),
    ("C4", "there is no Accept-Encoding and no Connection in a request (XFER-GET-3, OBS-121)",
     r"\| (Accept-Encoding|Connection) \|"),
    ("C2", "the rest of a file is asked for by an open range, bytes=N- (XFER-GET-4, OBS-123)",
     r"bytes=\d+-([^\d]|$)[^|]*$|bytes=\d+- has a last byte"
     r"|without leaving a byte out, and to the end \|"),
    ("C24", "curl's exit status says no more than that it failed, so the code is E_FAIL where no "
            "HTTP status tells one (JOB1-STATUS-4, XFER-RANGE-1, XFER-BODY-1, FILE-DISK-1)",
     r"Win32 result \|.*\| 2147500037$"),
    ("C26", "a 416 to a GET without a range is an error like any status, with the code of 416 "
            "(XFER-RANGE-2)",
     r"Win32 result \|.*\| 2149122464$"),
    ("C23", "curl does not say how often it has tried (JOB1-STATUS-4, PRG-14)",
     r"(retry count|in error after a success|failures counted).*\| 0$"),
]
