/// See the module.
@NullMarked
package dev.ringshot.ring;

import org.jspecify.annotations.NullMarked;
