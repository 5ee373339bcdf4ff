@echo off
rem Runs Maven: the one on the PATH if it is 3.8 or newer, else one of our own in .m2\wrapper, which
rem is downloaded once from the repository that MVNW_REPOURL names.
setlocal EnableExtensions DisableDelayedExpansion
set "version=3.9.16"
set "sha512=ed41650d42485cfc243fad22158caf9cbb5dc408ce7a09ddb94dd42a019de929ca43065bfa450612cf12bf78b5cafa3884b96c090de326ff590448c933454af3"

set "found=0"
set "mvn="
for %%m in (mvn.cmd) do set "mvn=%%~$PATH:m"
if not defined mvn goto :own
for /f "tokens=1-4 delims=. " %%a in ('mvn --version 2^>nul') do if "%%a %%b"=="Apache Maven" set /a found=%%c * 100 + %%d
if %found% GEQ 308 goto :path

:own
set "wrapper=%USERPROFILE%\.m2\wrapper"
set "home=%wrapper%\apache-maven-%version%"
if exist "%home%\bin\mvn.cmd" goto :run
if defined MVNW_REPOURL goto :download
echo mvnw: Maven 3.8 or newer is needed and was not found.>&2
echo Install it (such as: choco install maven),>&2
echo or set MVNW_REPOURL to a Maven repository, and Maven %version% is taken from there.>&2
exit /b 1

:download
echo Downloading Maven %version% ...>&2
powershell -NoProfile -Command "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue'; New-Item -ItemType Directory -Force $env:wrapper | Out-Null; $zip = Join-Path $env:wrapper \"maven-$PID.zip\"; try { Invoke-WebRequest -UseBasicParsing -OutFile $zip ($env:MVNW_REPOURL.TrimEnd('/') + \"/org/apache/maven/apache-maven/$env:version/apache-maven-$env:version-bin.zip\"); if ((Get-FileHash $zip -Algorithm SHA512).Hash -ne $env:sha512) { throw 'the archive has another digest than expected; it was not used' }; Expand-Archive -Force $zip $env:wrapper } catch { [Console]::Error.WriteLine('mvnw: ' + $_); exit 1 } finally { Remove-Item -ErrorAction SilentlyContinue $zip }"
if errorlevel 1 exit /b 1

:run
call "%home%\bin\mvn.cmd" %*
exit /b %errorlevel%

:path
call mvn %*
exit /b %errorlevel%
