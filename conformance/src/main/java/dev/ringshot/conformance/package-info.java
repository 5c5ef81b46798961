/// See the module.
@NullMarked
package dev.ringshot.conformance;

import org.jspecify.annotations.NullMarked;
