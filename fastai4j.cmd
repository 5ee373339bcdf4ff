@echo off
rem Builds fastai4j if that is needed, and runs it. FASTAI4J_OPTS holds further options for Java.
setlocal EnableExtensions DisableDelayedExpansion
set "root=%~dp0"
set "target=%root%fastai4j-app\target\quick"
set "app=%target%\app"
set "stamp=%target%\built"

rem Java: JAVA_HOME's, or else the one on the PATH.
set "java="
if not defined JAVA_HOME goto :path
set "java=%JAVA_HOME%\bin\java.exe"
if exist "%java%" goto :version
echo fastai4j: JAVA_HOME is "%JAVA_HOME%", which has no bin\java.exe; set it to a JDK 17 or newer, or unset it>&2
exit /b 1
:path
for %%j in (java.exe) do set "java=%%~$PATH:j"
if defined java goto :version
echo fastai4j: Java was not found; install a JDK 17 or newer, or set JAVA_HOME>&2
exit /b 1

:version
for %%d in ("%java%") do set "bin=%%~dpd"
set "version="
if exist "%bin%..\release" for /f "usebackq tokens=1,2 delims==" %%a in ("%bin%..\release") do if "%%a"=="JAVA_VERSION" set "version=%%~b"
if not defined version for /f "tokens=3" %%v in ('""%java%" -version 2^>^&1 ^| findstr /c:" version ""') do set "version=%%~v"
set "major=0"
set "number=%version%"
if "%number:~0,2%"=="1." set "number=%number:~2%"
for /f "delims=.-+_" %%a in ("%number%") do set "major=%%a"
if %major% GEQ 17 goto :check
echo fastai4j: "%java%" is Java %version%; 17 or newer is needed (set JAVA_HOME to one)>&2
exit /b 1

:check
if not exist "%stamp%" goto :build
if not exist "%app%\fastai4j-app.jar" goto :build
powershell -NoProfile -Command "$t = (Get-Item $env:stamp).LastWriteTimeUtc; $r = $env:root; $p = @('pom.xml'); foreach ($m in 'core', 'book', 'app') { $p += \"fastai4j-$m\pom.xml\", \"fastai4j-$m\src\main\" }; $p = $p | ForEach-Object { Join-Path $r $_ } | Where-Object { Test-Path $_ }; if ($p | ForEach-Object { Get-Item $_; if (Test-Path $_ -PathType Container) { Get-ChildItem $_ -Recurse } } | Where-Object { $_.LastWriteTimeUtc -gt $t } | Select-Object -First 1) { exit 3 }"
if errorlevel 3 goto :build
goto :run

:build
if exist "%bin%javac.exe" goto :maven
echo fastai4j: "%java%" has no compiler beside it; building needs a JDK 17 or newer (set JAVA_HOME to one)>&2
exit /b 1
:maven
echo Building fastai4j (first run, about a minute) ...>&2
if not exist "%target%" mkdir "%target%"
type nul>"%target%\started"
pushd "%root%"
for %%d in ("%bin%..") do set "JAVA_HOME=%%~fd"
call "%root%mvnw.cmd" -q -B -Dquick -pl fastai4j-app -am package >"%target%\build.log" 2>&1
if not errorlevel 1 goto :built
popd
type "%target%\build.log" >&2
echo fastai4j: the build failed; see above>&2
exit /b 1
:built
popd
move /y "%target%\started" "%stamp%" >nul
if exist "%target%\cds" rmdir /s /q "%target%\cds"

:run
rem One BLAS thread is what the engine sets anyway; told at the start, the others are never made.
if not defined OPENBLAS_NUM_THREADS set "OPENBLAS_NUM_THREADS=1"
set "jvm=-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.awt.headless=true -XX:-UsePerfData"
if %major% LEQ 25 set "jvm=%jvm% -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0"
if %major% LEQ 25 set "jvm=%jvm% -XX:Tier3InvocationThreshold=50 -XX:Tier3MinInvocationThreshold=25 -XX:Tier3CompileThreshold=500"
if %major% GEQ 22 set "jvm=%jvm% --enable-native-access=ALL-UNNAMED"

rem Class-data sharing: an archive of the classes as the JVM has loaded and checked them. An empty
rem file means that making one failed, and is not tried again.
set "archive=%target%\cds\%version%.jsa"
if exist "%archive%" goto :start
if not exist "%target%\cds" mkdir "%target%\cds" 2>nul
"%java%" %jvm% "-XX:ArchiveClassesAtExit=%archive%" -Xlog:disable -jar "%app%\fastai4j-app.jar" warm-up >nul 2>&1
if not exist "%archive%" type nul>"%archive%"

:start
set "size=0"
for %%f in ("%archive%") do set "size=%%~zf"
if "%size%"=="0" goto :plain
"%java%" %jvm% %FASTAI4J_OPTS% -Xlog:disable "-XX:SharedArchiveFile=%archive%" -jar "%app%\fastai4j-app.jar" %*
exit /b %errorlevel%
:plain
"%java%" %jvm% %FASTAI4J_OPTS% -jar "%app%\fastai4j-app.jar" %*
exit /b %errorlevel%
