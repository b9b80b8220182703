"""What aria2 1.36 does otherwise. The numbers are those of docs/findings-aria2.md; findings.py says
what a row is."""
# The machine was too slow to start the adapter.
NOT_JUDGED = r"no answer to hello"

FINDINGS = [
    ("A5", "a file of the same length with another date is continued all the same, and the mixture "
           "is called complete (XFER-CHANGE-1, XFER-CHANGE-2)",
     r"^changed_files\.(date|date_back|finished|new_date|progress)$"),
    ("A6", "an answer that shows to a range that the file is another one is an error, not a new "
           "beginning (XFER-CHANGE-1, PRG-09, PRG-10)",
     r"^changed_files\.(byte_between|date_in_200|each_file|fourth|grown|other_416|refused|shrunk"
     r"|total|total_in_200|wrong_total)$|^progress\.changed$|^http_ranges\.changed_in_the_middle$"
     r"|^http_bodies\.promised_too_much$"),
    ("A7", "without a date the rest of a file is asked for, too (XFER-DATE-1)",
     r"^http_ranges\.no_date$"),
    ("A8", "a part that nobody asked for is taken and the rest is asked for; when that is answered "
           "alike, it is an error (XFER-RANGE-2, OBS-125)",
     r"^waiting\.part_of_whole$"),
    ("A9", "the GET is repeated only for 502, 503 and 504, and after a second or two: of 408, 409, "
           "429, 500 and the other 5xx it makes an error at once (XFER-STATUS-1, XFER-QUICK-1)",
     r"^http_statuses\.(get_429|get_transient)$"),
    ("A10", "a connection that ends or is refused is tried again at once, five times in all for a "
            "file, also when bytes came; then it is an error, and it never waits (XFER-QUICK-1, "
            "XFER-WAIT-1, XFER-STATUS-1)",
     r"^http_errors\.quick_retries$|^http_statuses\.(get_cut|no_connection)$"
     r"|^waiting\.bytes_are_no_repeat$|^http_bodies\.(no_last_chunk|one_byte_short)$"
     r"|^http_redirects\.get_other_host$"),
    ("A28", "eleven redirects in a row are followed, one to a query loses the path, and one that "
            "leads nowhere is no error of that status (XFER-REDIR-1, JOB1-STATUS-4)",
     r"^http_redirects\.get_(eleven|file|ftp|no_host|query)$"),
    ("A29", "a status that is tried again is an error after four repeats, one or two seconds "
            "apart, for each file and each start; there is no longer wait (XFER-QUICK-1, "
            "XFER-WAIT-1, GROUP-STATUS-4)",
     r"^waiting\.repeats_(not_given_back|of_a_status|over_files)$"),
    ("A11", "an answer or a chunk that cannot be read is an error at once (XFER-STATUS-1, "
            "XFER-BODY-1, XFER-QUICK-1)",
     r"^http_statuses\.get_garbage$|^http_bodies\.(chunk_bad_size|chunk_huge_size)$"),
    ("A12", "a body without a length is a whole file when it ends (XFER-SIZE-1)",
     r"^http_ranges\.head_405_(chunked|no_length)$|^waiting\.(get_without_length|length_at_last)$"),
    ("A13", "a chunked body has no length to be short of, so whatever it brings is the file "
            "(XFER-BODY-1)",
     r"^http_bodies\.chunked_too_(long|short)$"),
    ("A14", "a part that is chunked, that ends early or whose total is unknown is an error "
            "(XFER-GET-4, XFER-BODY-1)",
     r"^http_bodies\.chunked_part$|^http_ranges\.(shorter_part|unknown_total)$"),
    ("A15", "a body with a Content-Encoding is taken (XFER-BODY-1)",
     r"^http_bodies\.(get_encoded|get_gzip|part_encoded)$"),
    ("A16", "of two lengths one is believed, and a length of a part that is a word is not looked "
            "at (XFER-BODY-1)",
     r"^http_bodies\.((get|part)_two_lengths|part_word_length)$"),
    ("A26", "the account of what is stored is written once a minute: killed before that, aria2 "
            "begins a file anew (XFER-START-1, PER-02, PER-03)",
     r"^restart\.(goes_on|many|progress)$"),
    ("A1", "a file is asked for by GET alone, so nothing that a HEAD is answered counts "
           "(XFER-HEAD-1)",
     r"HEAD|\|[^|]*requests|only the new file|paths asked for|first come, first served"
     r"|the fault \"(?!stall again|later|second file|changed|ignored).*fires"),
    ("A17", "data goes straight to the local name, beside which NAME.aria2 keeps the account: "
            "there is no temporary file, what stood there is gone before the first byte, and each "
            "file is there before the group is complete (FILE-TMP-1, FILE-PUB-1, FILE-PUB-3, "
            "OBS-140)",
     r"temporary (files|one)|the temporary file|is named as temporary|nothing is published yet"
     r"|files under their local names before|bytes in the old file|the old content is untouched"
     r"|bytes seen under the local name|nothing stands under the local name|OBS-140 \| files"
     r"|^RIG BROKE .*cannot create directory: File exists"),
    ("A18", "what a download that is ended has stored stays under the local name, and NAME.aria2 "
            "stays beside it (GROUP-CANCEL-1, GROUP-CANCEL-3, JOB-CANCEL-02, JOB-COMPLETE-01)",
     r"no file is left \||is left behind|leaves nothing|files in the directory|, a\.aria2\]$"
     r"|GROUP-CANCEL-3 \| the temporary file is gone"),
    ("A19", "a file that was removed is not missed, and a directory that is not there is made "
            "(FILE-DISK-1, FILE-TMP-2)",
     r"^disk_files\.(part_lost|directory_vanishes)|^job_files\.directory_removed$"),
    ("A20", "no URL is looked at before it is fetched (JOB1-ADD-4, JOB1-ADD-5, LIM-05)",
     r"(JOB1-ADD-5|LIM-05) \|.*\| S_OK$|AddFiles with a bad entry answers"),
    ("A21", "no file name is looked at before it is written (JOB1-ADD-4, JOB1-ADD-6, LIM-06)",
     r"(JOB1-ADD-6(-[ab])?|LIM-06) \|.*\| S_OK$"),
    ("A22", "there is no limit of files or downloads (LIM-01, LIM-02, JOB1-ADD-10)",
     r"BG_E_TOO_MANY_\S+ \| S_OK$"),
    ("A3", "a GET has no If-Unmodified-Since (XFER-GET-2, HTTP-11)", r"If-Unmodified-Since"),
    ("A4", "Accept asks for metalinks, too, and there is no Accept-Encoding and no Connection in a "
           "request (XFER-GET-3, OBS-121)",
     r"\| (Accept|Accept-Encoding|Connection) \|"),
    ("A2", "the account of what is stored is kept in blocks of 16 KiB: after a stop the whole file "
           "is asked for, and when its length is known the rest from the last block on "
           "(XFER-GET-4, OBS-123)",
     r"bytes=(16384|32768|65536|98304)-|(XFER-GET-4|OBS-123) \|.*\| \"?\"?$"),
    ("A24", "aria2 tells no HTTP status of an answer that it could not use, so the code is E_FAIL "
            "(JOB1-STATUS-4, XFER-RANGE-1, XFER-RANGE-2, XFER-BODY-1)",
     r"Win32 result \|.*\| 2147500037$"),
    ("A27", "a 416 to a GET without a range is an error like any status, with the code of 416 "
            "(XFER-RANGE-2)",
     r"Win32 result \|.*\| 2149122464$"),
    ("A23", "aria2 does not say how often it has tried (JOB1-STATUS-4, PRG-14)",
     r"(retry count|in error after a success|failures counted).*\| 0$"),
]
