/* strict.h - what the strict mode of structured output asks of a schema */
#pragma once
#include "gen/base/json.h"

/* OpenAI's guide "Structured outputs", supported schemas: an object at the root; every object closed, every property
 * required; no allOf, default, examples, patternProperties; every $ref is there. Fails the test when it is not so. */
void strict_check(const struct json *schema);
