// What of machine/interrupts.h is worth no call: nothing, on the host.
#pragma once
