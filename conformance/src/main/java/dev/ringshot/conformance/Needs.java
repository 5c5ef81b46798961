package dev.ringshot.conformance;

import dev.ringshot.conformance.rig.Need;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a kernel must have for a case, or for every case of a topic, to mean anything on it. Where
/// something is missing the case is skipped, and the skip names it.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Needs {
  /// All of them are needed.
  Need[] value();
}
