/* bench_floor PORT FEEDS NEWEST: conditional requests for all feeds with libcurl's multi interface and nothing
 * else; as many connections at a time as the program under test uses. NEWEST: the last article that is known.
 * Prints how many were answered 304. */
#include <curl/curl.h>

#include <stdio.h>
#include <stdlib.h>

enum { at_once = 64 };

static size_t drop(char* data, size_t size, size_t count, void* user) {
    (void)data;
    (void)user;
    return size * count;
}

static void add(CURLM* multi, CURL* easy, struct curl_slist* headers, int port, int feed) {
    char url[128];
    snprintf(url, sizeof url, "http://127.0.%d.%d:%d/f%d/feed/", feed / 250, feed % 250 + 1, port, feed);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    curl_multi_add_handle(multi, easy);
}

int main(int argc, char** argv) {
    if (argc != 4)
        return 2;
    const int port = atoi(argv[1]), feeds = atoi(argv[2]), newest = atoi(argv[3]);
    int next = 0, unchanged = 0, changed = 0, running = 0;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURLM* multi = curl_multi_init();
    struct curl_slist* headers[8192];
    for (int i = 0; i < feeds && i < 8192; ++i) {
        char tag[64];
        snprintf(tag, sizeof tag, "If-None-Match: \"feed-%d-%d\"", i, newest);
        headers[i] = curl_slist_append(NULL, tag);
        headers[i] = curl_slist_append(headers[i], "If-Modified-Since: Wed, 18 Nov 2026 09:30:00 GMT");
        headers[i] = curl_slist_append(headers[i], "Accept-Encoding: gzip");
    }
    for (; next < feeds && next < at_once; ++next)
        add(multi, curl_easy_init(), headers[next], port, next);
    do {
        curl_multi_perform(multi, &running);
        CURLMsg* message;
        int left;
        while ((message = curl_multi_info_read(multi, &left))) {
            long status = 0;
            CURL* easy = message->easy_handle;
            curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
            unchanged += status == 304;
            changed += status == 200;
            curl_multi_remove_handle(multi, easy);
            if (next < feeds) {
                add(multi, easy, headers[next], port, next);
                ++next;
                ++running;
            } else {
                curl_easy_cleanup(easy);
            }
        }
        if (running)
            curl_multi_poll(multi, NULL, 0, 1000, NULL);
    } while (running);
    printf("%d\n", unchanged);
    curl_multi_cleanup(multi);
    return unchanged + changed == feeds ? 0 : 1;
}
