# Makes the Windows installer from a clean checkout, on 64-bit Windows 10 or 11:
#   powershell -ExecutionPolicy Bypass -File installer\build.ps1
# Needs Python 3.11 (64-bit, with the py launcher) and NSIS 3.08 or newer; packages come from the
# configured index, each checked against its hash. The result stands in dist.
$ErrorActionPreference = "Stop"
Set-Location (Split-Path $PSScriptRoot)

function Invoke-Checked([string] $Program, [string[]] $Arguments) {
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Program $($Arguments -join ' ') ended with $LASTEXITCODE" }
}

if (-not [Environment]::Is64BitOperatingSystem) { throw "A 64-bit Windows is needed." }
$python = Join-Path (Get-Location) "build\venv\Scripts\python.exe"
if (-not (Test-Path $python)) {
    Invoke-Checked "py" @("-3.11", "-m", "venv", "build\venv")
}
Invoke-Checked $python @("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", "requirements.txt")

$env:PYTHONPATH = (Get-Location).Path
$env:PYTHONUTF8 = "1"
$env:PYTHONHASHSEED = "1"
Invoke-Checked $python @("installer\build_windows.py")
