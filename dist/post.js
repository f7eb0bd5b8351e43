// Runs after the job, and only when main left something to take away.
'use strict';

require('./launch.js').launch('post');
