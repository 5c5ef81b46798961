/// A block-device server over ublk.
@NullMarked
package dev.ringshot.ublk;

import org.jspecify.annotations.NullMarked;
