/// Decorators of any kernel: checked, traced, guarded.
@NullMarked
package dev.ringshot.conformance.watch;

import org.jspecify.annotations.NullMarked;
