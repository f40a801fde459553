/* main.c - where vidgen starts */
#include <stdio.h>

int main(void)
{
    fputs("vidgen: nothing here yet\n", stderr);
    return 2;
}
