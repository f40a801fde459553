/* list.h - the parts of the command list that are not tables of words */
#pragma once
#include "cmd/app.h"

int list_providers(struct app *app);
int list_voices(struct app *app);
