/// The words both sides of the system call speak: constants, struct views and the seam,
/// [dev.ringshot.abi.Kernel].
module dev.ringshot.abi {
  requires static transitive org.jspecify;

  exports dev.ringshot.abi;
  exports dev.ringshot.abi.ublk;
}
