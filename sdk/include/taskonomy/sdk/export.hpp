// TX_API marks what leaves libtaskonomy_sdk.so; everything else is hidden.
#pragma once

#define TX_API __attribute__((visibility("default")))
