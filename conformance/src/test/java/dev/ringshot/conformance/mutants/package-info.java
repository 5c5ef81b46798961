/// Deliberate mistakes in the model: whether the cases notice.
@NullMarked
package dev.ringshot.conformance.mutants;

import org.jspecify.annotations.NullMarked;
