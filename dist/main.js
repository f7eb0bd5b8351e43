// Runs the step.
'use strict';

require('./launch.js').launch('main');
