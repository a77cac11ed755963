// What of machine/memory.h is worth no call: nothing, on the host.
#pragma once
