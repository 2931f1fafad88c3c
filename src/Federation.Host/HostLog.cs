using Federation.Domain.Hosts;
using Microsoft.Extensions.Logging;

namespace Federation.Host;

/// <summary>What a host's agent logs. What a VM is told at its start is in none of it.</summary>
internal static partial class HostLog
{
    [LoggerMessage(6001, LogLevel.Information, "Agent of host {Host} started, run {Run}, driver {Driver} {Version}, {Guests} VMs found")]
    public static partial void Started(this ILogger log, string host, Guid run, string driver, string version, int guests);

    [LoggerMessage(6002, LogLevel.Information, "Agent of host {Host} stops; its VMs run on")]
    public static partial void Stopping(this ILogger log, string host);

    [LoggerMessage(6003, LogLevel.Warning, "The hypervisor does not say what it is: {Reason}; it is asked again")]
    public static partial void NotDescribed(this ILogger log, string reason);

    [LoggerMessage(6004, LogLevel.Warning, "The hypervisor does not say which VMs are here, so those that were are reported as silent: {Reason}")]
    public static partial void NotFound(this ILogger log, string reason);

    [LoggerMessage(6005, LogLevel.Error, "The hypervisor is not watched any more: {Reason}; it is watched anew")]
    public static partial void WatchEnded(this ILogger log, string reason);

    [LoggerMessage(6010, LogLevel.Information, "{Order} {Operation} of {Vm}, epoch {Epoch}: begun")]
    public static partial void OrderBegun(this ILogger log, string order, string operation, string vm, long epoch);

    [LoggerMessage(6011, LogLevel.Information, "{Order} {Operation} of {Vm}, epoch {Epoch}: {Outcome} {Reason}")]
    public static partial void OrderEnded(this ILogger log, string order, string operation, string vm, long epoch, HostOutcome outcome, string reason);

    [LoggerMessage(6012, LogLevel.Warning, "Order {Operation} of {Vm} is refused: {Reason}")]
    public static partial void OrderRefused(this ILogger log, string operation, string vm, string reason);

    [LoggerMessage(6013, LogLevel.Information, "Order {Operation} of {Vm} was done before: it is answered again")]
    public static partial void OrderRepeated(this ILogger log, string operation, string vm);

    [LoggerMessage(6014, LogLevel.Error, "Order {Operation} ended in a fault of the agent")]
    public static partial void OrderBroke(this ILogger log, Exception fault, string operation);

    [LoggerMessage(6015, LogLevel.Error, "The journal cannot be written; order {Operation}")]
    public static partial void JournalFailed(this ILogger log, Exception fault, string operation);

    [LoggerMessage(6020, LogLevel.Warning, "The service is not told how this host is: {Reason}; it is told again in {Delay}")]
    public static partial void ReportFailed(this ILogger log, string reason, TimeSpan delay);

    [LoggerMessage(6021, LogLevel.Information, "The service is told again how this host is")]
    public static partial void ReportResumed(this ILogger log);

    [LoggerMessage(6022, LogLevel.Warning, "The service does not say what to do: {Reason}; it is asked again in {Delay}")]
    public static partial void AskingFailed(this ILogger log, string reason, TimeSpan delay);

    [LoggerMessage(6023, LogLevel.Information, "The service says again what to do")]
    public static partial void AskingResumed(this ILogger log);

    [LoggerMessage(6056, LogLevel.Warning, "Traffic to other sites is not encrypted as it should be: {Reason}; it is tried again")]
    public static partial void TunnelsFailed(this ILogger log, string reason);

    [LoggerMessage(6057, LogLevel.Information, "Keys of generation {Generation} were made for tunnels to other sites")]
    public static partial void TunnelKeysMade(this ILogger log, int generation);

    [LoggerMessage(6058, LogLevel.Warning, "This host does not pass on what others send to each other as it should: {Reason}; it is tried again")]
    public static partial void RelayingFailed(this ILogger log, string reason);

    [LoggerMessage(6059, LogLevel.Warning, "The service does not say which relays there are: {Reason}; it is asked again in {Delay}")]
    public static partial void RelaysFailed(this ILogger log, string reason, TimeSpan delay);

    [LoggerMessage(6060, LogLevel.Information, "The service says again which relays there are")]
    public static partial void RelaysResumed(this ILogger log);

    [LoggerMessage(6041, LogLevel.Information, "Status and metrics at http://{Address}/")]
    public static partial void Listening(this ILogger log, string address);

    [LoggerMessage(6042, LogLevel.Warning, "Status and metrics cannot be served at {Address}: {Reason}")]
    public static partial void ListeningFailed(this ILogger log, string address, string reason);

    [LoggerMessage(6050, LogLevel.Warning, "The networks of VMs cannot be set up here: {Reason}; it is tried again")]
    public static partial void NetworkNotReady(this ILogger log, string reason);

    [LoggerMessage(6051, LogLevel.Error, "The network of {Application} is not in force here: {Reason}; it is tried again")]
    public static partial void SegmentNotInForce(this ILogger log, string application, string reason);

    [LoggerMessage(6052, LogLevel.Warning, "The service does not say how networks should be: {Reason}; it is asked again in {Delay}")]
    public static partial void SegmentsFailed(this ILogger log, string reason, TimeSpan delay);

    [LoggerMessage(6054, LogLevel.Warning, "The VM at {Tap} is not told its address when it asks: {Reason}")]
    public static partial void TapNotServed(this ILogger log, string tap, string reason);

    [LoggerMessage(6055, LogLevel.Error, "What this host can send is not shared evenly among its VMs: {Reason}; it is tried again")]
    public static partial void NotShared(this ILogger log, string reason);

    [LoggerMessage(6064, LogLevel.Warning, "Which VMs were sent to other hosts cannot be kept over a restart of this agent: {Reason}")]
    public static partial void SentNotKept(this ILogger log, string reason);

    [LoggerMessage(6061, LogLevel.Warning, "The network at {Interface} is not told where public addresses are: {Reason}; they are found there once they are asked for again")]
    public static partial void NotAnnounced(this ILogger log, string @interface, string reason);

    [LoggerMessage(6062, LogLevel.Warning, "This gateway is not heard by the service: {Reason}; it gives up the public addresses that another gateway can have within {Lease}, and tries again")]
    public static partial void NotRenewed(this ILogger log, string reason, TimeSpan lease);

    [LoggerMessage(6063, LogLevel.Information, "This gateway is heard by the service again")]
    public static partial void Renewed(this ILogger log);

    [LoggerMessage(6065, LogLevel.Information, "This machine is client {Client} of the network of {Application}")]
    public static partial void ClientStarted(this ILogger log, string client, string application);

    [LoggerMessage(6066, LogLevel.Warning, "The service does not take this machine as a client of a network: {Reason}; it is asked again")]
    public static partial void ClientNotTaken(this ILogger log, string reason);

    [LoggerMessage(6067, LogLevel.Information, "This machine is client {Client} of the network of {Application} no more, and nothing of it is left here")]
    public static partial void ClientLeft(this ILogger log, string client, string application);

    [LoggerMessage(6068, LogLevel.Warning, "This machine reaches neither a relay nor a host of its network (relays: {Relays}): let UDP to their ports out of its network, and let the federation have a relay that is reached from here")]
    public static partial void ClientReachesNobody(this ILogger log, string relays);

    [LoggerMessage(6069, LogLevel.Information, "The agent is stopped; this machine stays on its network as it is")]
    public static partial void ClientStopping(this ILogger log);

    [LoggerMessage(6053, LogLevel.Information, "The service says again how networks should be")]
    public static partial void SegmentsResumed(this ILogger log);
}
