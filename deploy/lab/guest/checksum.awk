# A number for a line of text: it is another one where a console has repeated a byte. For both ends of a console.
BEGIN { for (i = 32; i < 127; i++) code[sprintf("%c", i)] = i }
function checksum(text, i, sum) {
  for (i = 1; i <= length(text); i++) sum = (sum * 31 + code[substr(text, i, 1)]) % 65521
  return sum + 0
}
