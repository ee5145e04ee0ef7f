; The Windows installer. Made by: makensis -INPUTCHARSET UTF8 -DVERSION=… -DPAYLOAD=folder -DICON=file.ico
;   -DOUT=setup.exe [-DTARGET=amd64-unicode] [-DQUICK] windows.nsi
; PAYLOAD holds mbo-desktop.exe, mbo-desktop-cli.exe, _internal and 说明.
; A 32-bit stub by default, so that a 32-bit Windows gets a sentence rather than the system's own refusal.
; Exit codes: 0 done, 1 cancelled by the user, 2 refused.

Unicode true
!ifndef TARGET
  !define TARGET "x86-unicode"
!endif
Target ${TARGET}
!ifdef QUICK ; for tests
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
  SetCompressorDictSize 64
!endif

!define PRODUCT "目标责任制管理系统"
!define PACKAGE "mbo-desktop"
!define PUBLISHER "mbo-desktop"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${PACKAGE}"
!define FOLDER_CLASS "${PACKAGE}.folder"
!define PACKAGE_CLASS "${PACKAGE}.package"
!define OLDEST_BUILD 17763 ; Windows 10 1809

!define MULTIUSER_EXECUTIONLEVEL Highest
!define MULTIUSER_MUI
!define MULTIUSER_INSTALLMODE_COMMANDLINE
!define MULTIUSER_INSTALLMODE_DEFAULT_CURRENTUSER
!define MULTIUSER_INSTALLMODE_INSTDIR "${PACKAGE}"
!define MULTIUSER_USE_PROGRAMFILES64
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_KEY "${UNINSTALL_KEY}"
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_VALUENAME "UninstallString"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_KEY "${UNINSTALL_KEY}"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_VALUENAME "InstallLocation"
!include MultiUser.nsh
!include MUI2.nsh
!include x64.nsh
!include WinVer.nsh
!include FileFunc.nsh
!include WordFunc.nsh
!include Sections.nsh

Name "${PRODUCT}"
OutFile "${OUT}"
BrandingText "${PRODUCT} ${VERSION}"
ShowInstDetails nevershow
ShowUninstDetails nevershow
VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=2052 "ProductName" "${PRODUCT}"
VIAddVersionKey /LANG=2052 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "FileDescription" "${PRODUCT}安装程序"
VIAddVersionKey /LANG=2052 "CompanyName" "${PUBLISHER}"
VIAddVersionKey /LANG=2052 "LegalCopyright" "MIT"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MULTIUSER_INSTALLMODEPAGE_TEXT_TOP "只为自己安装不需要管理员。为所有用户安装,这台电脑上的每个人都能使用。"
!define MULTIUSER_INSTALLMODEPAGE_TEXT_ALLUSERS "为这台电脑的所有用户安装"
!define MULTIUSER_INSTALLMODEPAGE_TEXT_CURRENTUSER "只为我安装"
!define MUI_WELCOMEPAGE_TEXT "将安装${PRODUCT} ${VERSION}。$\r$\n$\r$\n单机使用,不联网,不安装系统服务。升级时数据和设置不变。$\r$\n$\r$\n本软件不得存储、处理、传输国家秘密。"
!define MUI_FINISHPAGE_RUN "$INSTDIR\${PACKAGE}.exe"
!define MUI_FINISHPAGE_RUN_TEXT "现在打开${PRODUCT}"
!define MUI_FINISHPAGE_NOREBOOTSUPPORT

!insertmacro MUI_PAGE_WELCOME
!insertmacro MULTIUSER_PAGE_INSTALLMODE
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_COMPONENTS
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"

!macro REFUSE text
  MessageBox MB_OK|MB_ICONSTOP "${text}" /SD IDOK
  SetErrorLevel 2
  Quit
!macroend

; The program holds its own file open while it runs.
!macro REFUSE_WHILE_RUNNING
  ${If} ${FileExists} "$INSTDIR\${PACKAGE}.exe"
    ClearErrors
    FileOpen $0 "$INSTDIR\${PACKAGE}.exe" a
    ${If} ${Errors}
      !insertmacro REFUSE "${PRODUCT}正在运行,或没有权限改动“$INSTDIR”。$\r$\n$\r$\n未改动任何文件。请先关闭程序再试。"
    ${EndIf}
    FileClose $0
  ${EndIf}
!macroend

; Only what this installer laid there: a data folder that somebody put beside it stays.
!macro REMOVE_PROGRAM_FILES
  RMDir /r "$INSTDIR\_internal"
  RMDir /r "$INSTDIR\说明"
  Delete "$INSTDIR\${PACKAGE}.exe"
  Delete "$INSTDIR\${PACKAGE}-cli.exe"
!macroend

!macro FILE_TYPE ending class words
  WriteRegStr SHCTX "Software\Classes\${ending}" "" "${class}"
  WriteRegStr SHCTX "Software\Classes\${class}" "" "${words}"
  WriteRegStr SHCTX "Software\Classes\${class}\DefaultIcon" "" "$INSTDIR\${PACKAGE}.exe,0"
  WriteRegStr SHCTX "Software\Classes\${class}\shell\open\command" "" '"$INSTDIR\${PACKAGE}.exe" "%1"'
!macroend

!macro FORGET_FILE_TYPE ending class
  ReadRegStr $0 SHCTX "Software\Classes\${ending}" ""
  ${If} $0 == "${class}"
    DeleteRegKey SHCTX "Software\Classes\${ending}"
  ${EndIf}
  DeleteRegKey SHCTX "Software\Classes\${class}"
!macroend

Function .onInit
  Var /GLOBAL AskedFolder
  StrCpy $AskedFolder $INSTDIR ; set by /D= only
  ${IfNot} ${RunningX64}
    !insertmacro REFUSE "${PRODUCT}只能在64位的Windows上运行,这台电脑是32位系统。$\r$\n$\r$\n未安装任何文件。"
  ${EndIf}
  SetRegView 64
  ${IfNot} ${AtLeastWin10}
  ${OrIfNot} ${AtLeastBuild} ${OLDEST_BUILD}
    !insertmacro REFUSE "${PRODUCT}需要Windows 10(1809以上)或Windows 11,这台电脑的系统较早。$\r$\n$\r$\n未安装任何文件。"
  ${EndIf}
  ${GetParameters} $1
  ClearErrors
  ${GetOptions} $1 "/ALLUSERS" $2
  ${IfNot} ${Errors}
    UserInfo::GetAccountType
    Pop $3
    ${If} $3 != "Admin"
      !insertmacro REFUSE "为所有用户安装需要管理员。$\r$\n$\r$\n未安装任何文件。请以管理员身份运行,或只为自己安装。"
    ${EndIf}
  ${EndIf}
  !insertmacro MULTIUSER_INIT
  ${If} $AskedFolder != ""
    StrCpy $INSTDIR $AskedFolder
  ${EndIf}
  ReadRegStr $0 SHCTX "${UNINSTALL_KEY}" "DisplayVersion"
  ${If} $0 != ""
    ${VersionCompare} "$0" "${VERSION}" $1
    ${If} $1 == 1
      !insertmacro REFUSE "已经装有更新的版本 $0,不能换成 ${VERSION}:旧版本打不开新格式的数据。$\r$\n$\r$\n未改动任何文件。"
    ${EndIf}
  ${EndIf}
FunctionEnd

Section "程序"
  !insertmacro REFUSE_WHILE_RUNNING
  !insertmacro REMOVE_PROGRAM_FILES
  SetOutPath "$INSTDIR"
  File /r "${PAYLOAD}\*"
  WriteUninstaller "$INSTDIR\uninstall.exe"

  CreateShortCut "$SMPROGRAMS\${PRODUCT}.lnk" "$INSTDIR\${PACKAGE}.exe"
  CreateShortCut "$DESKTOP\${PRODUCT}.lnk" "$INSTDIR\${PACKAGE}.exe"
  !insertmacro FILE_TYPE ".zrd" "${FOLDER_CLASS}" "目标管理数据文件夹"
  !insertmacro FILE_TYPE ".zrb" "${PACKAGE_CLASS}" "目标管理数据包"
  ${RefreshShellIcons}

  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayName" "${PRODUCT}"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\${PACKAGE}.exe"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "Publisher" "${PUBLISHER}"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe" /$MultiUser.InstallMode'
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /$MultiUser.InstallMode /S'
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  IntFmt $0 "0x%08X" $0
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "EstimatedSize" "$0"
SectionEnd

Function un.onInit
  SetRegView 64
  !insertmacro MULTIUSER_UNINIT
  ${un.GetParameters} $1
  ClearErrors
  ${un.GetOptions} $1 "/PURGE" $2
  ${IfNot} ${Errors}
    Call un.ChoosePurge
  ${EndIf}
FunctionEnd

Section "un.程序"
  SectionIn RO
  !insertmacro REFUSE_WHILE_RUNNING
  !insertmacro REMOVE_PROGRAM_FILES
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${PRODUCT}.lnk"
  Delete "$DESKTOP\${PRODUCT}.lnk"
  !insertmacro FORGET_FILE_TYPE ".zrd" "${FOLDER_CLASS}"
  !insertmacro FORGET_FILE_TYPE ".zrb" "${PACKAGE_CLASS}"
  ${RefreshShellIcons}
  DeleteRegKey SHCTX "${UNINSTALL_KEY}"
SectionEnd

; The data folders themselves are never deleted: only who works with them knows which they are.
Section /o "un.同时删除本用户的设置和日志(数据文件夹不删除)" PURGE
  SetShellVarContext current
  RMDir /r "$LOCALAPPDATA\${PACKAGE}"
SectionEnd

Function un.ChoosePurge
  !insertmacro SelectSection ${PURGE}
FunctionEnd
