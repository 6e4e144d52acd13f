-- What wrk sends: the lines of the file REQUESTS one after the other, each with the headers of a
-- client that is called CLIENT and has the key KEY. At the end it writes what programs read.

local requests = {}

init = function()
   local headers = {
      ["client"] = os.getenv("CLIENT"),
      ["x-api-key"] = os.getenv("KEY"),
      ["content-type"] = "application/json",
   }
   for line in io.lines(os.getenv("REQUESTS")) do
      local method, path, body = line:match("^(%S+) (%S+) ?(.*)$")
      if body == "" then body = nil end
      requests[#requests + 1] = wrk.format(method, path, headers, body)
   end
end

local at = 0

request = function()
   at = at % #requests + 1
   return requests[at]
end

done = function(summary, latency)
   local errors = summary.errors
   local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
   io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration,
      latency:percentile(50), latency:percentile(99), failed))
end
