// The address sanitizer's leak check, told of the one leak that is not ours: fontconfig keeps the patterns of
// fonts that Graphviz's Pango plugin asked it for.
#if defined(__SANITIZE_ADDRESS__)
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig\n"; }
#endif
