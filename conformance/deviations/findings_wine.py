"""What Wine 8.0 does otherwise. The numbers are those of docs/findings-wine.md; findings.py says
what a row is."""
# RPC_S_SERVER_UNAVAILABLE: the service went away under the case.
NOT_JUDGED = r"0x800706BA"

FINDINGS = [
    ("W5", "Suspend is not implemented (GROUP-SUSPEND-1, GROUP-SUSPEND-2, GROUP-SUSPEND-3)",
     r"SuspendGroup .*E_NOTIMPL|old handle still stands.*E_NOTIMPL"),
    ("W6", "SetDisplayName is not implemented (PROP-NAME-1, PROP-ANY-1, PROP-KEEP-1)",
     r"SetProp .*E_NOTIMPL|the display name is|the name of the listed group"),
    ("W7", "GetDescription of a job that was given none fails (PROP-DESCRIPTION-1)",
     r"PROP-DESCRIPTION-1 \| GetProp answers.*0x800703E6"),
    ("W8", "SetPriority is answered S_OK, also by a cancelled job, and does nothing (GROUP-FG-1, "
           "GROUP-STATUS-8, GROUP-CANCEL-4)",
     r"\|[^|]*GROUP_FOREGROUND[^|]*\|[^|]*$|SwitchToForeground answers .*(false|S_OK)$",
     r"GROUP_FOREGROUND$"),
    ("W9", "AddFileSet refuses nothing, not even for a cancelled job (JOB1-ADD-2, JOB1-ADD-4, "
           "JOB1-ADD-5, JOB1-ADD-6, JOB1-ADD-7)",
     r"AddFiles .*answers.*S_OK$|AddFiles .*answers a failure .*false$"),
    ("W10", "what was added last comes first, files and jobs alike (SCHED-3, ENUM-ORDER-1)",
     r"requests in the order added|the path asked for|JOB1-FILE-1 \| .* (comes? back|file)"
     r"|^(ENUM-NEXT|ENUM-SKIP|ENUM-RESET|ENUM-ORDER)"),
    ("W11", "a cancelled job stays in the queue: it is listed and found (GROUP-CANCEL-1, "
            "QMGR-GET-2, ENUM-SNAP-1)",
     r"GetCount of a new one|GROUP-STATUS-7 \| the job's status"
     r"|GetGroup .*QM_E_ITEM_NOT_FOUND \| S_OK|EnumGroups lists"),
    ("W12", "Clone of an enumerator is not implemented (ENUM-CLONE-1)", r"Clone answers"),
    ("W13", "an error is never told: JobError is not called (NOTIFY-2)",
     r"(NOTIFY|NTF)-\S* \| (a delivery comes|deliveries come)"),
    ("W14", "jobs do not survive the service (HANDLE-2, PROP-KEEP-1, XFER-START-1)",
     r"answers after the restart|^OBS-003 |PROP-KEEP-1 \| GetProp answers.*RPC_E_DISCONNECTED"),
    ("W15", "Cancel, and a stop of the service, do not return while a server is silent "
            "(GROUP-CANCEL-1)",
     r"^BROKE no answer to .*cancel_group|^BROKE .*0x8007041D"),
    ("W1", "a file is asked for by GET alone, so nothing that a HEAD is answered counts "
           "(XFER-HEAD-1)", r"^http_statuses\.head_"),
    ("W3", "most statuses that are no success are one: the body of the error is published as the "
           "file (XFER-STATUS-1)",
     r"^http_statuses\.get_(final|refused|transient)"),
    ("W4", "a body that ended too early is published as the file (XFER-BODY-1)",
     r"is there, whole and of one version \| true \| false",
     r"GROUP_ERROR$|^group_|^BROKE|^restart|^http_errors\.redirect"),
    ("W2", "there is no retry and no range: every failure is an error at once, and its code E_FAIL "
           "(XFER-STATUS-1, XFER-QUICK-1, XFER-GET-4, GROUP-STATUS-4)",
     r"GETs|GROUP_ERROR$|XFER-QUICK-1|the GET and its repeats|Win32 result .*2147500037"),
    ("W1", "a file is asked for by GET alone, so nothing that a HEAD is answered counts "
           "(XFER-HEAD-1)",
     r"HEAD|^OBS-057 |the fault .* fires|GROUP_ERROR .*GROUP_COMPLETE GROUP_SUSPENDED$"
     r"|JOB_INCOMPLETE.*JOB_COMPLETE|\| GROUP_INCOMPLETE.*\| GROUP_COMPLETE GROUP_SUSPENDED$"
     r"|PERCENT_DONE \| 0 \| 100|XFER-WAIT-1"),
    ("W16", "the size of a job stays unknown, and bytes count in blocks of 4,096 or more "
            "(GROUP-SIZE-1, GROUP-PROG-1)",
     r"get_Size|PERCENT_DONE|bytes arrive|stands at|has the turn|SIZE_DONE"),
    ("W2", "there is no retry, so failures are not counted (JOB1-STATUS-4)",
     r"retry count|failures \|"),
    ("W22", "one job is transferred at a time: one in the foreground waits for one in the "
            "background (SCHED-1)", r"^SCHED-1 \| the group stops running"),
    ("W23", "a body whose Content-Length is negative is taken, and its end waited for "
            "(XFER-BODY-1)", r"^http_bodies\.get_negative_length"),
    ("W21", "DISABLE is ignored (NOTIFY-3)", r"^NOTIFY-3 "),
    ("W20", "no limit of jobs or files was met; the user counts as an administrator, who has none "
            "(LIM-01, LIM-02, LIM-03)",
     r"^LIM-0[12]|TOO_MANY"),
    ("W17", "the time of a published file is that of its download (FILE-TIME-1)",
     r"FILE-TIME-1"),
    ("W18", "the temporary file is not beside the destination (FILE-TMP-1)", r"FILE-TMP-1"),
    ("W19", "a directory that vanished is no error (FILE-DISK-1)", r"FILE-DISK-1"),
]
