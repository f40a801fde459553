/* lsan.c - what the leak checker may pass over in tests: memory that libraries keep until the process ends */

const char *__lsan_default_suppressions(void);  /* called by the sanitizer's run time, if it is there */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n";              /* its configuration and caches; does not grow with use */
}
