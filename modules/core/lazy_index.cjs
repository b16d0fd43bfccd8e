// Makes the index of @cdktf/provider-aws load each of its 2,135 modules when it is first used.
// A line that does not have the generated form is left alone: then that module loads at once, as shipped.
"use strict";
const Module = require("module");

const INDEX = /[\\/]@cdktf[\\/]provider-aws[\\/]lib[\\/]index\.js$/;
const EAGER = /^exports\.(\w+) = (?:__importStar\()?require\((["'][^"']+["'])\)\)?;$/gm;
process.noDeprecation = true; // jsii calls util.isArray, and a newer Node would say so at every start
const compile = Module.prototype._compile;

Module.prototype._compile = function (source, filename, ...rest) {
  if (INDEX.test(filename)) {
    source = source.replace(
      EAGER,
      "Object.defineProperty(exports, '$1', { configurable: true, enumerable: true, get: () => require($2) });",
    );
  }
  return compile.call(this, source, filename, ...rest);
};
