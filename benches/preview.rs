//! How long the program takes to preview many workflow files, and how the cost grows with their number.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_fedcred");

fn main() {
    let mut measured = Vec::new();
    for count in [1, 100, 1_000, 10_000] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        generate(folder.path(), count);
        let runs: Vec<(Duration, u64)> = (0..3).map(|_| run(folder.path())).collect();
        let time = runs.iter().map(|(time, _)| *time).min().unwrap_or_default();
        let memory = runs.iter().map(|(_, memory)| *memory).max().unwrap_or_default();
        println!(
            "{count:>6} files: {:>8.1} ms, {:>6.1} MiB",
            time.as_secs_f64() * 1e3,
            memory as f64 / 1024.0
        );
        measured.push((count as f64, time.as_secs_f64()));
    }
    if let ([_, small, _, large], true) = (measured.as_slice(), measured.len() == 4) {
        let exponent = (large.1 / small.1).ln() / (large.0 / small.0).ln();
        println!("from 100 to 10,000 files the time grows with the power {exponent:.2} of their number");
    }
}

/// Wall time and the most resident memory, in KiB; 0 where the system does not tell.
fn run(folder: &Path) -> (Duration, u64) {
    let words = ["preview", "--format", "json", "--offline", "--repository", "octo/app"];
    let start = Instant::now();
    let mut child = Command::new(PROGRAM)
        .args(words)
        .current_dir(folder)
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut memory = 0;
    let ended = loop {
        let peak = fs::read_to_string(&status).ok().and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        });
        memory = memory.max(peak.unwrap_or_default());
        if let Some(ended) = child.try_wait().expect("the program can be waited for") {
            break ended;
        }
        std::thread::sleep(Duration::from_micros(200));
    };
    assert!(ended.success(), "{ended}");
    (start.elapsed(), memory)
}

/// Workflow files of the shapes that repositories have: builds, plans, deployments by matrix, by choice and by call.
fn generate(folder: &Path, count: usize) {
    let workflows = folder.join(".github/workflows");
    fs::create_dir_all(&workflows).expect("a folder");
    let shapes = [BUILD, PLAN, DEPLOY, MATRIX, CALL, CALLED];
    for at in 0..count {
        let shape = shapes[at % shapes.len()];
        let called = format!("called-{:05}.yml", at / shapes.len());
        let name = if at % shapes.len() == 5 { called.clone() } else { format!("w-{at:05}.yml") };
        let text = shape.replace("NUMBER", &at.to_string()).replace("CALLED", &called);
        fs::write(workflows.join(name), text).expect("a file");
    }
    // A lone caller needs what it calls.
    let last = format!("called-{:05}.yml", count.saturating_sub(1) / shapes.len());
    if !workflows.join(&last).exists() {
        fs::write(workflows.join(last), CALLED).expect("a file");
    }
}

const BUILD: &str = "name: build NUMBER
on:
  push: {branches: [main, 'release/**']}
  pull_request:
permissions: {contents: read}
jobs:
  test:
    runs-on: ${{ matrix.os }}
    strategy:
      matrix:
        os: [ubuntu-latest, windows-latest, macos-latest]
        node: [20, 22, 24]
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: {node-version: '${{ matrix.node }}'}
      - run: npm ci
      - run: npm test -- --coverage
      - name: upload
        if: always()
        uses: actions/upload-artifact@v4
        with: {name: 'coverage-${{ matrix.os }}', path: coverage}
";

const PLAN: &str = "name: plan NUMBER
on:
  pull_request:
    branches: [main]
    paths: ['infra/**']
permissions:
  id-token: write
  contents: read
  pull-requests: write
env:
  ARM_USE_OIDC: true
  ARM_CLIENT_ID: ${{ secrets.ARM_CLIENT_ID }}
  ARM_TENANT_ID: ${{ vars.ARM_TENANT_ID }}
jobs:
  plan:
    runs-on: ubuntu-latest
    defaults: {run: {working-directory: infra}}
    steps:
      - uses: actions/checkout@v4
      - uses: hashicorp/setup-terraform@v3
      - run: terraform fmt -check
      - run: terraform init -input=false
      - id: plan
        run: |
          terraform plan -no-color -input=false -out=plan.bin
          terraform show -no-color plan.bin > plan.txt
      - name: comment
        if: github.event.pull_request.head.repo.fork == false
        run: gh pr comment ${{ github.event.pull_request.number }} --body-file plan.txt
";

const DEPLOY: &str = "name: deploy NUMBER
on:
  push:
    branches: [main, develop]
    tags: ['v*']
  workflow_dispatch:
    inputs:
      environment: {type: choice, options: [dev, test, prod], default: dev}
      dry-run: {type: boolean, default: false}
permissions:
  id-token: write
  contents: read
jobs:
  build:
    runs-on: ubuntu-latest
    outputs:
      tag: ${{ steps.meta.outputs.tag }}
    steps:
      - uses: actions/checkout@v4
      - id: meta
        run: echo \"tag=$(git rev-parse HEAD)\" >> \"$GITHUB_OUTPUT\"
      - run: docker build -t app:${{ steps.meta.outputs.tag }} .
  deploy:
    needs: build
    if: github.event_name == 'push' || !inputs.dry-run
    runs-on: ubuntu-latest
    environment:
      name: ${{ github.event_name == 'workflow_dispatch' && inputs.environment || github.ref_name == 'main' && 'prod' || 'dev' }}
      url: https://example.invalid
    steps:
      - uses: azure/login@v2
        with:
          client-id: ${{ secrets.AZURE_CLIENT_ID }}
          tenant-id: ${{ secrets.AZURE_TENANT_ID }}
          subscription-id: ${{ secrets.AZURE_SUBSCRIPTION_ID }}
      - run: |
          az acr login --name registry
          az containerapp update --name app --image app:${{ needs.build.outputs.tag }}
  smoke:
    needs: [build, deploy]
    if: success() && startsWith(github.ref, 'refs/heads/')
    runs-on: ubuntu-latest
    steps:
      - run: curl --fail https://example.invalid/health
";

const MATRIX: &str = "name: matrix NUMBER
on:
  schedule: [{cron: '0 4 * * 1'}]
  workflow_dispatch:
jobs:
  drift:
    runs-on: ubuntu-latest
    permissions: {id-token: write, contents: read}
    strategy:
      fail-fast: false
      matrix:
        environment: [dev, test, prod]
        region: [westeurope, northeurope]
        exclude: [{environment: dev, region: northeurope}]
        include: [{environment: sandbox, region: uksouth}]
    environment: ${{ matrix.environment }}
    steps:
      - uses: actions/checkout@v4
      - uses: azure/login@v2
        with:
          client-id: ${{ vars.AZURE_CLIENT_ID }}
          tenant-id: ${{ vars.AZURE_TENANT_ID }}
          subscription-id: ${{ vars.AZURE_SUBSCRIPTION_ID }}
      - run: ./drift.sh ${{ matrix.environment }} ${{ matrix.region }}
";

const CALL: &str = "name: call NUMBER
on:
  push: {branches: [main]}
permissions: {id-token: write, contents: read}
jobs:
  dev:
    uses: ./.github/workflows/CALLED
    with: {environment: dev}
    secrets: inherit
  prod:
    needs: dev
    uses: ./.github/workflows/CALLED
    with: {environment: prod}
    secrets: inherit
";

const CALLED: &str = "name: called NUMBER
on:
  workflow_call:
    inputs:
      environment: {type: string, required: true}
jobs:
  apply:
    runs-on: ubuntu-latest
    environment: ${{ inputs.environment }}
    steps:
      - uses: actions/checkout@v4
      - uses: azure/login@v2
        with:
          client-id: ${{ secrets.AZURE_CLIENT_ID }}
          tenant-id: ${{ secrets.AZURE_TENANT_ID }}
          subscription-id: ${{ secrets.AZURE_SUBSCRIPTION_ID }}
      - run: az deployment group create --resource-group rg-${{ inputs.environment }} --template-file main.bicep
";
