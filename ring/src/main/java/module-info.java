/// A client of one ring: prepare, submit, dispatch, provided buffers, multishot.
module dev.ringshot.ring {
  requires transitive dev.ringshot.abi;
  requires static org.jspecify;

  exports dev.ringshot.ring;
}
