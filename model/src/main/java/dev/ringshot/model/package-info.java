/// See the module.
@NullMarked
package dev.ringshot.model;

import org.jspecify.annotations.NullMarked;
