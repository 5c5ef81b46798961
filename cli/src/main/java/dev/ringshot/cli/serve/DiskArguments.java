package dev.ringshot.cli.serve;

import org.jspecify.annotations.Nullable;

/// What a disk of `ublk add` is made of: the words of its command line, with absolute paths.
///
/// @param type null, mem, loop, or a specification
/// @param file of loop
/// @param size in bytes, or null
public record DiskArguments(
    String type, @Nullable String file, @Nullable Long size, boolean isDirect, boolean isReadOnly) {
  static final String NULL = "null";
  static final String MEMORY = "mem";

  boolean isFile() {
    return type.equals("loop") || type.equals("file");
  }

  boolean isSpecification() {
    return !isFile() && !type.equals(NULL) && !type.equals(MEMORY);
  }

  /// In a few words: `loop /srv/disk.img, read-only`.
  public String words() {
    String what = file == null ? type : type + " " + file;
    return isReadOnly ? what + ", read-only" : what;
  }
}
