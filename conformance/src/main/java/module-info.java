/// Cases that run on every kernel, and the checkers around them.
module dev.ringshot.conformance {
  requires transitive dev.ringshot.abi;
  requires transitive dev.ringshot.linux;
  requires transitive dev.ringshot.model;
  requires transitive dev.ringshot.ring;
  requires static org.jspecify;

  exports dev.ringshot.conformance;
  exports dev.ringshot.conformance.cases;
  exports dev.ringshot.conformance.device;
  exports dev.ringshot.conformance.differ;
  exports dev.ringshot.conformance.files;
  exports dev.ringshot.conformance.rig;
  exports dev.ringshot.conformance.watch;
}
