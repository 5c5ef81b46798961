/// Generated programs, run on two kernels and compared.
@NullMarked
package dev.ringshot.conformance.differ;

import org.jspecify.annotations.NullMarked;
