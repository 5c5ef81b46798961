/// The words both sides of the system call speak.
@NullMarked
package dev.ringshot.abi;

import org.jspecify.annotations.NullMarked;
