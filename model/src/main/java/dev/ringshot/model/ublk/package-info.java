/// ublk's kernel side: block devices that a program serves.
@NullMarked
package dev.ringshot.model.ublk;

import org.jspecify.annotations.NullMarked;
