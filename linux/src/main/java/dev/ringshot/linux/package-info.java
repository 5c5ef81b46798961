/// See the module.
@NullMarked
package dev.ringshot.linux;

import org.jspecify.annotations.NullMarked;
