package dev.ringshot.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a case proves. Each entry is either the id of a clause in `clauses.txt`, optionally
/// followed by `: ` and the part of it that is meant (`"2.3-2: bit cleared when the list is
/// empty"`), or a sentence of a man page (`"io_uring_enter(2): …"`).
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Spec {
  /// The clauses, the main one first.
  String[] value();
}
