/**
 * SCTP by raw packets, in Perl, which every Debian has and whose sockets can be raw: who asks sends the first packet of an
 * association (INIT), and who is asked answers it (INIT ACK) with a name and the address that it was asked from. A kernel
 * tracks and rewrites both as it does those of a real association.
 */
const PACKETS = String.raw`
use Socket qw(:DEFAULT AF_INET6 inet_pton inet_ntop pack_sockaddr_in6 unpack_sockaddr_in6);
use Errno;
my @crc = map { my $c = $_; $c = $c & 1 ? ($c >> 1) ^ 0x82F63B78 : $c >> 1 for 1 .. 8; $c } 0 .. 255;
# The header with the checksum (CRC32c) that the kernel looks at before it tracks a packet.
sub packet {
  my ($from, $to, $tag, $chunk) = @_;
  my $text = pack('nnNN', $from, $to, $tag, 0) . $chunk;
  my $crc = 0xffffffff;
  $crc = ($crc >> 8) ^ $crc[($crc ^ $_) & 255] for unpack('C*', $text);
  substr($text, 8, 4) = pack('V', $crc ^ 0xffffffff);
  return $text;
}
# A chunk that begins an association, with something of ours at its end.
sub beginning {
  my ($type, $tag, $more) = @_;
  my $parameter = $more eq '' ? '' : pack('nn', 0x8fff, 4 + length $more) . $more;
  my $body = pack('NNnnN', $tag, 65536, 1, 1, 1) . $parameter;
  my $length = 4 + length $body;
  return pack('CCn', $type, 0, $length) . $body . "\0" x (-$length % 4);
}
sub place {
  my ($six, $ip, $port) = @_;
  return $six ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $ip)) : pack_sockaddr_in($port, inet_aton($ip));
}
# Of IPv4 the kernel hands out the header of the packet too.
sub received {
  my ($six, $bytes) = @_;
  $bytes = substr($bytes, (unpack('C', $bytes) & 15) * 4) unless $six;
  my ($from, $to, $tag, $sum, $type, $flags, $length, $peer) = unpack('nnNNCCnN', $bytes);
  return { from => $from, to => $to, type => $type, peer => $peer, more => substr($bytes, 36, $length > 24 ? $length - 24 : 0) };
}
`;

/** Arguments: 4 or 6, a name, ports. Prints a line when it answers. */
export const SCTP_SERVER = String.raw`${PACKETS}
my ($family, $name, @ports) = @ARGV;
my $six = $family == 6;
socket(my $socket, $six ? AF_INET6 : AF_INET, SOCK_RAW, 132) or die $!;
$| = 1;
print "ready\n";
while (defined(my $who = recv($socket, my $bytes, 2048, 0))) {
  my $asked = received($six, $bytes);
  next unless $asked->{type} == 1 && grep { $_ == $asked->{to} } @ports;
  my $ip = $six ? inet_ntop(AF_INET6, (unpack_sockaddr_in6($who))[1]) : inet_ntoa((unpack_sockaddr_in($who))[1]);
  my $answer = packet($asked->{to}, $asked->{from}, $asked->{peer}, beginning(2, 7, "$name $ip"));
  send($socket, $answer, 0, place($six, $ip, 0)) or warn $!;
}
`;

/** Arguments: address, port, how often, own address or empty, patience in seconds. Prints a list of answers in JSON. */
export const SCTP_CLIENT = String.raw`${PACKETS}
my ($ip, $port, $count, $source, $patience) = @ARGV;
my $six = $ip =~ /:/;
my @answers;
for my $at (1 .. $count) {
  my $from = 20000 + (($$ * 131 + $at) % 40000);
  socket(my $socket, $six ? AF_INET6 : AF_INET, SOCK_RAW, 132) or die $!;
  bind($socket, place($six, $source, 0)) or die $! if $source ne '';
  connect($socket, place($six, $ip, 0)) or die $!;
  my $answer = send($socket, packet($from, $port, 0, beginning(1, 1000 + $at, '')), 0) ? undef : 'error ' . ($! + 0);
  my $end = time + $patience + 1;
  until (defined $answer) {
    my $set = '';
    vec($set, fileno($socket), 1) = 1;
    if (time > $end || !select($set, undef, undef, $patience)) { $answer = 'silence' }
    elsif (!defined recv($socket, my $bytes, 2048, 0)) { $answer = $!{ECONNREFUSED} ? 'ECONNREFUSED' : $!{EHOSTUNREACH} ? 'EHOSTUNREACH' : "$!" }
    else {
      my $got = received($six, $bytes);
      $answer = $got->{more} if $got->{type} == 2 && $got->{to} == $from;
    }
  }
  $answer =~ s/[\0"\\]//g;
  push @answers, "\"$answer\"";
}
print '[' . join(',', @answers) . ']';
`;
