// Finds the fedcred program and runs it. Inputs reach it as the environment; no shell is involved, no argument is built
// from an input, and nothing is judged here.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

function fail(message) {
  const text = message.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
  process.stdout.write(`::error title=fedcred::${text}\n`);
  process.exitCode = 2;
}

// Where the program may be: a bare name is looked up as a shell does, a path is taken from the workspace.
function places(given) {
  if (path.basename(given) !== given) {
    return [path.resolve(process.env.GITHUB_WORKSPACE || '.', given)];
  }
  const names = process.platform === 'win32' ? [given, `${given}.exe`] : [given];
  const folders = (process.env.PATH || '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name)));
}

// Something else of that name on PATH (a loop of links, a folder, a file that nobody may run) is passed by, as a shell does.
function isProgram(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

function findBinary() {
  const given = (process.env.INPUT_BINARY || '').trim();
  if (given === '') {
    throw new Error('no program to run: this version of the action comes without one. Build or install fedcred in an ' +
      'earlier step and give its path, or its name on PATH, as the input `binary`.');
  }
  const onPath = path.basename(given) === given;
  const candidates = places(given);
  const isFile = (candidate) => fs.statSync(candidate, { throwIfNoEntry: false })?.isFile();
  const file = candidates.find(onPath ? isProgram : isFile);
  if (file === undefined) {
    throw new Error(onPath
      ? `the input \`binary\` names no program on PATH: ${given}; a file in the workspace is given as ./${given}`
      : `the input \`binary\` names no file: ${candidates[0]}`);
  }
  return file;
}

function launch(phase) {
  let file;
  try {
    file = findBinary();
  } catch (error) {
    fail(error.message);
    return;
  }
  // Before the program runs, or a signal in its first moments would end the launcher alone.
  let child;
  const forward = (signal) => child.kill(signal);
  SIGNALS.forEach((signal) => process.on(signal, forward));
  child = spawn(file, ['action', phase], { stdio: 'inherit', windowsHide: true, shell: false });
  child.on('error', (error) => fail(`cannot run ${file}: ${error.message}${error.code === 'EACCES' ? '; it needs chmod +x' : ''}`));
  child.on('exit', (code, signal) => {
    SIGNALS.forEach((name) => process.removeListener(name, forward));
    process.exitCode = code ?? 128 + (os.constants.signals[signal] ?? 0);
  });
}

module.exports = { launch };
