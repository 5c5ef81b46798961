/// What a case works with: a kernel, its host, a ring poked by hand.
@NullMarked
package dev.ringshot.conformance.rig;

import org.jspecify.annotations.NullMarked;
