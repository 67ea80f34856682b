/* bench_post PORT COUNT: so many POSTs of 2 KB, one after the other, with one libcurl handle and nothing else: the
 * floor of delivering. Prints the seconds they took. */
#include <curl/curl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { body_bytes = 2048 };

static size_t drop(char* data, size_t size, size_t count, void* user) {
    (void)data;
    (void)user;
    return size * count;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char** argv) {
    if (argc != 3)
        return 2;
    char url[64], body[body_bytes];
    snprintf(url, sizeof url, "http://127.0.0.1:%d/floor", atoi(argv[1]));
    memset(body, 'x', sizeof body);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL* easy = curl_easy_init();
    struct curl_slist* headers = curl_slist_append(NULL, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Expect:");
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)body_bytes);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    const double began = now();
    for (int i = 0; i < atoi(argv[2]); ++i)
        if (curl_easy_perform(easy) != CURLE_OK)
            return 1;
    printf("%f\n", now() - began);
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
    return 0;
}
