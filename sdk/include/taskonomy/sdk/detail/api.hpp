// What every header of the SDK needs: the mark of what leaves the library, and the SDK's version.
#pragma once

/// Marks what leaves libtaskonomy_sdk.so; everything else is hidden.
#define TX_API __attribute__((visibility("default")))

/// The SDK's own version. A plugin loads when its major is the host's and its minor is not above the host's.
#define TX_SDK_MAJOR 2
#define TX_SDK_MINOR 3
