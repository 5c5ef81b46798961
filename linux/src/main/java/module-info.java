/// The running Linux kernel as a [dev.ringshot.abi.Kernel], by the FFM API. The only module that
/// needs native access.
module dev.ringshot.linux {
  requires transitive dev.ringshot.abi;
  requires static org.jspecify;

  exports dev.ringshot.linux;
}
