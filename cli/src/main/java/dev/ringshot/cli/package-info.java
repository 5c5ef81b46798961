/// See the module.
@NullMarked
package dev.ringshot.cli;

import org.jspecify.annotations.NullMarked;
