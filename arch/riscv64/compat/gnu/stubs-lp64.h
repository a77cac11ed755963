// Stands in for the C library's list of missing functions, which Debian's cross compiler ships for lp64d only.
#pragma once
