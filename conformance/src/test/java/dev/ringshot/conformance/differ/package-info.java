/// Tests of the differ.
@NullMarked
package dev.ringshot.conformance.differ;

import org.jspecify.annotations.NullMarked;
