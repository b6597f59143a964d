#!/bin/sh
# Makes voice.ogg and voice.json: the words that a hall display says, one behind the other in one file, and where each begins.
# Debian: apt-get install espeak-ng sox opus-tools. Both files are committed; the build needs none of these programs.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

RATE=48000        # samples a second; what Opus works with
WORDS_A_MINUTE=135
GAP=0.12          # seconds of silence between two words of the file, so that none runs into the next

# Name of the clip, then what is said. Letters have their Indonesian names.
cat > "$work/words" <<'WORDS'
number nomor antrean
again panggilan ulang, nomor antrean
counter silakan ke loket
0 nol
1 satu
2 dua
3 tiga
4 empat
5 lima
6 enam
7 tujuh
8 delapan
9 sembilan
10 sepuluh
11 sebelas
teen belas
ty puluh
A a
B be
C ce
D de
E e
F ef
G ge
H ha
I i
J je
K ka
L el
M em
N en
O o
P pe
Q ki
R er
S es
T te
U u
V fe
W we
X eks
Y ye
Z zet
WORDS

sox -n -r $RATE -c 1 -b 16 "$work/gap.wav" trim 0 $GAP
# What Opus needs to settle, so that the first word is whole.
sox -n -r $RATE -c 1 -b 16 "$work/all.wav" trim 0 0.2
position=$(soxi -s "$work/all.wav")
gap=$(soxi -s "$work/gap.wav")
printf '{' > voice.json
separator=
while read -r name words; do
    espeak-ng -v id -s $WORDS_A_MINUTE -p 45 -a 160 -w "$work/raw.wav" "$words"
    # Without the silence around it, as loud as the others, and with soft edges.
    sox -V1 "$work/raw.wav" -r $RATE -c 1 -b 16 "$work/bare.wav" \
        silence 1 0.01 0.4% reverse silence 1 0.01 0.4% reverse norm -3
    sox "$work/bare.wav" "$work/clip.wav" fade t 0.004 -0 0.012
    samples=$(soxi -s "$work/clip.wav")
    printf '%s\n  "%s": [%s, %s]' "$separator" "$name" \
        "$(awk "BEGIN { printf \"%.3f\", $position / $RATE }")" "$(awk "BEGIN { printf \"%.3f\", $samples / $RATE }")" >> voice.json
    separator=,
    sox "$work/all.wav" "$work/clip.wav" "$work/gap.wav" "$work/next.wav"
    mv "$work/next.wav" "$work/all.wav"
    position=$((position + samples + gap))
done < "$work/words"
printf '\n}\n' >> voice.json
opusenc --quiet --bitrate 32 --serial 1 --discard-comments --discard-pictures "$work/all.wav" voice.ogg
ls -l voice.ogg voice.json
