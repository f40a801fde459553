/* version.h - which vidgen this is */
#pragma once

#define VIDGEN_VERSION "0.1.0"
