# embed.awk - text files as a C table (see gen/base/embedded.h)
BEGIN { print "#include \"gen/base/embedded.h\""; print "const struct embedded_file embedded_files[] = {" }
FNR == 1 { if (NR > 1) printf ", %d },\n", n; n = 0; printf "{ \"%s\",", FILENAME }
{
    n += length($0) + 1
    gsub(/\\/, "&&"); gsub(/"/, "\\\""); gsub(/\t/, "\\t"); gsub(/\?\?/, "?\"\"?")
    printf "\n\"%s\\n\"", $0
}
END { if (NR > 0) printf ", %d },\n", n; print "{ 0 } };" }
