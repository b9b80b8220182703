/* A program in C99 over a real queue, in the folder it is given by its full path: everything but a
 * transfer. Says what is wrong and ends with 1, or ends with 0. */
#include <stdio.h>
#include <string.h>

#include "reference/library/qmgr_c.h"

static int wrong = 0;

static void expect(int holds, const char* what, int line) {
    if (holds) return;
    fprintf(stderr, "line %d: expected %s\n", line, what);
    wrong = 1;
}
#define EXPECT(condition) expect((condition), #condition, __LINE__)

static qmgr_hresult hear(void* context, const qmgr_group* group, const qmgr_job* job,
                         uint32_t file_index, uint32_t status, uint32_t retries,
                         uint32_t win32_result, uint32_t transport_result) {
    (void)context, (void)group, (void)job, (void)file_index, (void)status;
    (void)retries, (void)win32_result, (void)transport_result;
    return QMGR_S_OK;
}

static void use_properties(qmgr_group* group) {
    qmgr_variant name = {QMGR_VT_BSTR, 0, "updates"};
    qmgr_variant flags = {QMGR_VT_UI4, QMGR_NOTIFY_GROUP_DONE, NULL};
    qmgr_variant read = {0, 0, NULL};
    EXPECT(qmgr_group_set_prop(group, QMGR_PROP_DISPLAYNAME, &name) == QMGR_S_OK);
    EXPECT(qmgr_group_get_prop(group, QMGR_PROP_DISPLAYNAME, &read) == QMGR_S_OK);
    EXPECT(read.text != NULL && strcmp(read.text, "updates") == 0);
    qmgr_variant_clear(&read);
    EXPECT(qmgr_group_set_prop(group, QMGR_PROP_NOTIFYFLAGS, &flags) == QMGR_S_OK);
    EXPECT(qmgr_group_get_prop(group, QMGR_PROP_NOTIFYFLAGS, &read) == QMGR_S_OK);
    EXPECT(read.number == QMGR_NOTIFY_GROUP_DONE);
    EXPECT(qmgr_group_set_prop(group, QMGR_PROP_DISPLAYNAME, &flags) == QMGR_E_INVALIDARG);
}

static void use_job(qmgr_group* group, const qmgr_guid* job_id, const char* folder) {
    char local[512];
    qmgr_file_set_info file = {"http://127.0.0.1:1/a", NULL, 0};
    qmgr_file_set_info read = {NULL, NULL, 0};
    qmgr_job* job = NULL;
    uint32_t number = 0;
    EXPECT(qmgr_group_create_job(group, job_id, &job) == QMGR_S_OK);
    if (job == NULL) return;
    snprintf(local, sizeof local, "%s/a", folder);
    file.local_name = local;
    EXPECT(qmgr_job_add_files(job, 1, &file) == QMGR_S_OK);
    EXPECT(qmgr_job_get_file_count(job, &number) == QMGR_S_OK && number == 1);
    EXPECT(qmgr_job_get_file(job, 0, &read) == QMGR_S_OK);
    EXPECT(read.remote_name != NULL && strcmp(read.remote_name, file.remote_name) == 0);
    EXPECT(read.local_name != NULL && strcmp(read.local_name, file.local_name) == 0);
    qmgr_file_set_info_clear(&read);
    EXPECT(qmgr_job_get_file(job, 1, &read) == QMGR_E_ITEM_NOT_FOUND);
    EXPECT(qmgr_job_get_status(job, &number, NULL, NULL, NULL) == QMGR_S_OK);
    EXPECT(number == QMGR_JOB_INCOMPLETE);
    EXPECT(qmgr_job_release(job) == QMGR_S_OK);
}

static void use_enumerator(qmgr_queue* queue) {
    qmgr_group_enumerator* list = NULL;
    qmgr_guid ids[2];
    uint32_t fetched = 9;
    EXPECT(qmgr_enum_groups(queue, 0, &list) == QMGR_S_OK);
    if (list == NULL) return;
    EXPECT(qmgr_group_enumerator_next(list, 2, ids, &fetched) == QMGR_S_FALSE && fetched == 1);
    EXPECT(qmgr_group_enumerator_reset(list) == QMGR_S_OK);
    EXPECT(qmgr_group_enumerator_next(list, 1, ids, NULL) == QMGR_S_OK);
    EXPECT(qmgr_close(queue) == QMGR_E_INVALID_STATE);
    EXPECT(qmgr_group_enumerator_release(list) == QMGR_S_OK);
}

int main(int count, char** arguments) {
    char reason[200] = "";
    char inside[512];
    qmgr_queue* queue = NULL;
    qmgr_queue* second = NULL;
    qmgr_group* group = NULL;
    qmgr_guid group_id;
    qmgr_guid job_id;
    uint32_t status = 0;
    if (count != 2) return 2;
    if (qmgr_open(arguments[1], NULL, &queue, reason, sizeof reason) != QMGR_S_OK) {
        fprintf(stderr, "%s\n", reason);
        return 1;
    }
    EXPECT(qmgr_open(arguments[1], NULL, &second, reason, sizeof reason) == QMGR_E_BUSY);
    EXPECT(strstr(reason, arguments[1]) != NULL);
    snprintf(inside, sizeof inside, "%s/queue.db/below", arguments[1]);
    EXPECT(qmgr_open(inside, NULL, &second, reason, 9) == QMGR_E_SERVICE_UNAVAILABLE);
    EXPECT(strlen(reason) == 8);

    EXPECT(qmgr_guid_from_text("00000000-0000-0000-0000-000000000001", &group_id) == QMGR_S_OK);
    EXPECT(qmgr_guid_from_text("00000000-0000-0000-0000-000000000002", &job_id) == QMGR_S_OK);
    EXPECT(qmgr_register_callback(queue, &job_id, hear, NULL) == QMGR_S_OK);
    EXPECT(qmgr_create_group(queue, &group_id, &group) == QMGR_S_OK);
    if (group != NULL) {
        use_properties(group);
        EXPECT(qmgr_group_resume_group(group) == QMGR_E_EMPTY);
        use_job(group, &job_id, arguments[1]);
        use_enumerator(queue);
        EXPECT(qmgr_group_get_status(group, &status, NULL) == QMGR_S_OK);
        EXPECT(status == (QMGR_GROUP_SUSPENDED | QMGR_GROUP_INCOMPLETE));
        EXPECT(qmgr_group_cancel_group(group) == QMGR_S_OK);
        EXPECT(qmgr_group_resume_group(group) == QMGR_E_INVALID_STATE);
        EXPECT(qmgr_group_release(group) == QMGR_S_OK);
    }
    EXPECT(qmgr_get_group(queue, &group_id, &group) == QMGR_E_ITEM_NOT_FOUND);
    EXPECT(qmgr_close(queue) == QMGR_S_OK);
    return wrong;
}
