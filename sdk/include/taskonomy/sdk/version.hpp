// The SDK's own version. A plugin loads when its major is the host's and its minor is not above the host's.
#pragma once

#define TX_SDK_MAJOR 1
#define TX_SDK_MINOR 0
