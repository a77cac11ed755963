// What of machine/hart.h is worth no call: nothing, on the host.
#pragma once
