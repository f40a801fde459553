/* main.c - where vidgen starts */
#include <stdio.h>
#include <string.h>
#include "compose/child.h"

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "--worker"))
        return worker_main(argc, argv);
    fputs("vidgen: nothing here yet\n", stderr);
    return 2;
}
