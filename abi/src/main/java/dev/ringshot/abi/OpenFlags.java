package dev.ringshot.abi;

/// The flags of open(2) whose values depend on the architecture.
record OpenFlags(int direct, int directory, int nofollow, int largefile) {
  /// Those of `<asm-generic/fcntl.h>`, which x86-64 uses.
  static final OpenFlags GENERIC = new OpenFlags(040000, 0200000, 0400000, 0100000);

  /// Those of aarch64.
  static final OpenFlags AARCH64 = new OpenFlags(0200000, 040000, 0100000, 0400000);

  /// Those of the machine that this runs on.
  static final OpenFlags HERE = of(System.getProperty("os.arch"));

  /// Those of an architecture, by its name in Java.
  static OpenFlags of(String arch) {
    return arch.equals("aarch64") ? AARCH64 : GENERIC;
  }
}
