# Debian's packages of any release, unpacked into a directory; apt's own state is not touched. To be sourced. Needs
# $work, a directory of the caller's own, and $suites, whose packages these are; the mirror is the one apt is configured with.
# $architecture: the packages' (amd64, arm64); without, this machine's.

# The address of the Debian mirror that apt uses: mirror '' or mirror -security.
mirror() {
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
		sed -n "s|/*$||; /\/debian$1\$/{p;q}"
}

sources() {
	local main security suite keyring=/usr/share/keyrings/debian-archive-keyring.gpg trust=
	[ ! -e $keyring ] || trust="[signed-by=$keyring]"
	main=$(mirror '')
	security=$(mirror -security)
	for suite in $suites; do
		case $suite in
		*-security) [ -z "$security" ] || echo "deb $trust $security $suite main" ;;
		*)          [ -z "$main" ] || echo "deb $trust $main $suite main" ;;
		esac
	done
}

private_apt() {
	local command=$1
	shift
	"$command" -q -oDir::Etc::SourceList="$work/sources.list" -oDir::Etc::SourceParts=/dev/null \
		-oDir::State::Lists="$work/lists" -oDir::Cache="$work/cache" -oAPT::Sandbox::User="$(id -un)" \
		-oAcquire::Check-Valid-Until=false -oAcquire::Languages=none \
		${architecture:+-oAPT::Architecture="$architecture" -oAPT::Architectures="$architecture"} "$@"
}

update() {
	mkdir -p "$work"/{lists,cache}
	sources >"$work/sources.list"
	private_apt apt-get update >"$work/log" 2>&1 || true	# one suite of two may be gone from the mirror
}

# download PACKAGE...: unpacked in $work/root
download() {
	local package
	rm -rf "$work"/{deb,root}
	mkdir "$work"/{deb,root}
	(cd "$work/deb" && private_apt apt-get download "$@") >"$work/log" 2>&1 || { cat "$work/log" >&2; return 1; }
	for package in "$work"/deb/*.deb; do
		dpkg -x "$package" "$work/root"
	done
}
